import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth.guard';
import { TokenService } from './token.service';

@Module({ providers: [TokenService, { provide: APP_GUARD, useClass: AuthGuard }] })
export class AuthModule {}
